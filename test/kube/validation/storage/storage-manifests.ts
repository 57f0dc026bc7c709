/** Objects of storage as the documentation of Kubernetes and of its drivers has them. */

import { loadAll } from "js-yaml";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";

const claims = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: myclaim }
spec:
  accessModes: [ReadWriteOnce]
  volumeMode: Filesystem
  resources: { requests: { storage: 8Gi }, limits: { storage: 10Gi } }
  storageClassName: slow
  selector:
    matchLabels: { release: stable }
    matchExpressions: [{ key: environment, operator: In, values: [dev] }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: foo-pvc, namespace: foo }
spec:
  accessModes: [ReadOnlyMany]
  storageClassName: ""
  volumeName: foo-pv
  resources: { requests: { storage: 10M } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: block-pvc }
spec:
  accessModes: [ReadWriteOnce]
  volumeMode: Block
  resources: { requests: { storage: 0.5Ti } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: restore-pvc }
spec:
  storageClassName: csi-hostpath-sc
  dataSource: { name: snap, kind: VolumeSnapshot, apiGroup: snapshot.storage.k8s.io }
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 10Gi } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cloned-pvc }
spec:
  dataSource: { name: existing-src-pvc-name, kind: PersistentVolumeClaim }
  accessModes: [ReadWriteOncePod]
  resources: { requests: { storage: 10Gi } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: populated-pvc }
spec:
  dataSourceRef: { name: example, kind: ExampleDataSource, apiGroup: example.storage.k8s.io }
  accessModes: [ReadWriteMany]
  volumeAttributesClassName: gold
  resources: { requests: { storage: 10Gi } }
status: { phase: Pending }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: foo-pvc, namespace: ns1 }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
  dataSourceRef:
    apiGroup: snapshot.storage.k8s.io
    kind: VolumeSnapshot
    name: new-snapshot-demo
    namespace: prod
`;

const volumes = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: pv0003 }
spec:
  capacity: { storage: 5Gi }
  volumeMode: Filesystem
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Recycle
  storageClassName: slow
  mountOptions: [hard, nfsvers=4.1]
  nfs: { path: /tmp, server: 172.17.0.2 }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: task-pv-volume, labels: { type: local } }
spec:
  storageClassName: manual
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /mnt/data }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: example-pv }
spec:
  capacity: { storage: 100Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Delete
  storageClassName: local-storage
  local: { path: /mnt/disks/ssd1, fsType: ext4 }
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions:
        - { key: kubernetes.io/hostname, operator: In, values: [example-node] }
        - { key: disks, operator: Gt, values: ["2"] }
        - { key: ssd, operator: Exists }
      - matchFields: [{ key: metadata.name, operator: In, values: [node-1] }]
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: block-pv }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteOnce]
  volumeMode: Block
  persistentVolumeReclaimPolicy: Retain
  fc: { targetWWNs: ["50060e801049cfd1"], lun: 0, readOnly: false }
---
apiVersion: v1
kind: PersistentVolume
metadata:
  annotations: { pv.kubernetes.io/provisioned-by: disk.csi.azure.com }
  name: pv-azuredisk
spec:
  capacity: { storage: 20Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: managed-csi
  volumeAttributesClassName: gold
  claimRef: { name: foo-pvc, namespace: foo }
  csi:
    driver: disk.csi.azure.com
    volumeHandle: /subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/disks/myAKSDisk
    volumeAttributes: { fsType: ext4 }
    fsType: ext4
    nodeStageSecretRef: { name: secret, namespace: default }
    nodePublishSecretRef: { name: secret, namespace: default }
    controllerPublishSecretRef: { name: secret, namespace: default }
    controllerExpandSecretRef: { name: secret, namespace: default }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: azurefile }
spec:
  capacity: { storage: 5Gi }
  accessModes: [ReadWriteMany]
  azureFile: { secretName: s, secretNamespace: default, shareName: aksshare, readOnly: false }
  mountOptions: [dir_mode=0777, file_mode=0777]
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: iscsi }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce, ReadOnlyMany]
  iscsi:
    targetPortal: 10.16.154.81:3260
    iqn: iqn.2014-12.example.server:storage.target00
    lun: 0
    fsType: ext4
    chapAuthSession: true
    secretRef: { name: chap, namespace: default }
    initiatorName: iqn.1994-05.com.redhat:node1
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: gluster }
spec:
  capacity: { storage: 8Gi }
  accessModes: [ReadWriteMany]
  glusterfs: { endpoints: glusterfs-cluster, path: myVol1, endpointsNamespace: default }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: cinder }
spec:
  capacity: { storage: 8Gi }
  accessModes: [ReadWriteOnce]
  cinder: { volumeID: f37a03aa, fsType: ext3, secretRef: { name: s, namespace: default } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: storageos }
spec:
  capacity: { storage: 8Gi }
  accessModes: [ReadWriteOnce]
  storageos: { volumeName: v, secretRef: { name: s, namespace: default } }
`;

const classes = `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: low-latency
  annotations: { storageclass.kubernetes.io/is-default-class: "false" }
provisioner: csi-driver.example-vendor.example
reclaimPolicy: Retain
allowVolumeExpansion: true
mountOptions: [discard]
volumeBindingMode: WaitForFirstConsumer
parameters: { guaranteedReadWriteLatency: "true" }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: standard }
provisioner: example.com/example
parameters: { type: pd-standard }
volumeBindingMode: WaitForFirstConsumer
allowedTopologies:
- matchLabelExpressions:
  - { key: topology.kubernetes.io/zone, values: [us-central-1a, us-central-1b] }
  - { key: topology.kubernetes.io/region, values: [us-central-1] }
- matchLabelExpressions:
  - { key: topology.kubernetes.io/zone, values: [us-central-1c] }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: azuredisk-csi }
provisioner: disk.csi.azure.com
parameters: { skuName: PremiumV2_LRS, DiskIOPSReadWrite: "4000", tags: "a=b,c=d" }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: local-storage }
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: rook }
provisioner: rook-ceph.rbd.csi.ceph.com
parameters:
  csi.storage.k8s.io/provisioner-secret-name: rook-csi-rbd-provisioner
  clusterID: rook-ceph
`;

const drivers = `
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: disk.csi.azure.com, annotations: { csiDriver: v1.33 } }
spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: File }
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: secrets-store.csi.k8s.io }
spec:
  podInfoOnMount: true
  attachRequired: false
  requiresRepublish: true
  storageCapacity: true
  seLinuxMount: true
  nodeAllocatableUpdatePeriodSeconds: 10
  volumeLifecycleModes: [Ephemeral, Persistent]
  fsGroupPolicy: ReadWriteOnceWithFSType
  tokenRequests:
  - { audience: "", expirationSeconds: 4294967296 }
  - { audience: "api://AzureADTokenExchange", expirationSeconds: 3600 }
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: hostpath.csi.k8s.io }
spec: {}
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: { name: aks-nodepool1-0 }
spec:
  drivers:
  - name: disk.csi.azure.com
    nodeID: aks-nodepool1-0
    topologyKeys: [topology.disk.csi.azure.com/zone, kubernetes.io/hostname]
    allocatable: { count: 8 }
  - { name: file.csi.azure.com, nodeID: aks-nodepool1-0, topologyKeys: null }
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: { name: empty }
spec: { drivers: null }
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: { name: csi-0123 }
spec:
  attacher: disk.csi.azure.com
  nodeName: aks-nodepool1-0
  source: { persistentVolumeName: pvc-0123 }
status: { attached: true }
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: { name: csi-inline }
spec:
  attacher: disk.csi.azure.com
  nodeName: aks-nodepool1-0
  source:
    inlineVolumeSpec:
      accessModes: [ReadWriteOnce]
      csi: { driver: disk.csi.azure.com, volumeHandle: a }
`;

export const storageManifests = [claims, volumes, classes, drivers].flatMap(
  (text) => loadAll(text) as KubeObject[],
);
