/** Volumes of pods as the documentation of Kubernetes and of its drivers has them. */

import { load } from "js-yaml";
import type { Json } from "../../../../shared/lib/kube-object.ts";

const ofFiles = `
- name: cache
  emptyDir: {}
- name: memory
  emptyDir: { medium: Memory, sizeLimit: 500Mi }
- name: none
  emptyDir: { sizeLimit: "0" }
- name: config
  configMap:
    name: log-config
    items:
    - { key: log_level, path: log_level.conf }
    - { key: deep, path: a/b..c/...d, mode: 0400 }
    optional: true
    defaultMode: 420
- name: secret
  secret:
    secretName: test-secret
    defaultMode: 256
    items: [{ key: .secret-file, path: .hidden, mode: 511 }]
    optional: false
- name: podinfo
  downwardAPI:
    defaultMode: 292
    items:
    - path: labels
      fieldRef: { fieldPath: metadata.labels }
    - path: annotations
      fieldRef: { apiVersion: v1, fieldPath: metadata.annotations }
    - path: zone
      fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" }
    - path: build
      fieldRef: { fieldPath: "metadata.annotations['Build']" }
      mode: 292
    - path: uid
      fieldRef: { fieldPath: metadata.uid }
    - path: cpu_limit
      resourceFieldRef: { containerName: web, resource: limits.cpu, divisor: 1m }
    - path: cpu_request
      resourceFieldRef: { containerName: web, resource: requests.cpu, divisor: "0" }
    - path: mem_limit
      resourceFieldRef: { containerName: web, resource: limits.memory, divisor: 1Mi }
    - path: disk
      resourceFieldRef: { containerName: web, resource: requests.ephemeral-storage, divisor: 1 }
    - path: huge
      resourceFieldRef: { containerName: web, resource: limits.hugepages-2Mi }
- name: all-in-one
  projected:
    defaultMode: 420
    sources:
    - secret:
        name: mysecret
        items: [{ key: username, path: my-group/my-username, mode: 511 }]
    - configMap:
        name: myconfigmap
        items: [{ key: config, path: my-group/my-config }]
        optional: true
    - downwardAPI:
        items:
        - path: namespace
          fieldRef: { apiVersion: v1, fieldPath: metadata.namespace }
    - serviceAccountToken: { audience: api, expirationSeconds: 3600, path: token }
    - clusterTrustBundle: { name: example, path: example-roots.pem }
    - clusterTrustBundle:
        signerName: coolcert.example.com/foo
        labelSelector: { matchLabels: { version: live } }
        path: root-certs.pem
        optional: true
    - podCertificate:
        signerName: coolcert.example.com/foo
        keyType: ED25519
        credentialBundlePath: credentialbundle.pem
    - serviceAccountToken: { path: vault-token, expirationSeconds: 600 }
- name: kube-api-access-x7k2p
  projected:
    defaultMode: 420
    sources:
    - serviceAccountToken: { expirationSeconds: 3607, path: token }
    - configMap:
        name: kube-root-ca.crt
        items: [{ key: ca.crt, path: ca.crt }]
- name: nothing-projected
  projected: {}
- name: model
  image: { reference: "quay.io/crio/artifact:v2", pullPolicy: IfNotPresent }
- name: image-later
  image: {}
- name: git
  gitRepo: { repository: "git@host:me/repo.git", revision: 22f1d8406d464b0c0874, directory: . }
`;

const ofDisks = `
- name: host
  hostPath: { path: /data/foo, type: Directory }
- name: socket
  hostPath: { path: /run/docker.sock, type: Socket }
- name: any
  hostPath: { path: /var/log, type: "" }
- name: windows
  hostPath: { path: 'C:\\etc\\foo' }
- name: claim
  persistentVolumeClaim: { claimName: myclaim, readOnly: true }
- name: scratch
  ephemeral:
    volumeClaimTemplate:
      metadata:
        labels: { type: my-frontend-volume }
        annotations: { example.com/about: scratch }
        creationTimestamp: null
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: scratch-storage-class
        resources: { requests: { storage: 1Gi } }
- name: secrets-store
  csi:
    driver: secrets-store.csi.k8s.io
    readOnly: true
    volumeAttributes: { secretProviderClass: my-provider }
    nodePublishSecretRef: { name: secrets-store-creds }
- name: azure-share
  csi:
    driver: file.csi.azure.com
    volumeAttributes: { secretName: azure-secret, shareName: aksshare, mountOptions: dir_mode=0777 }
- name: old-azure-share
  azureFile: { secretName: azure-secret, shareName: k8stest, readOnly: false }
- name: managed-disk
  azureDisk:
    kind: Managed
    diskName: myAKSDisk
    diskURI: /subscriptions/0000/resourceGroups/rg/providers/Microsoft.Compute/disks/myAKSDisk
    cachingMode: ReadOnly
- name: blob-disk
  azureDisk: { diskName: test.vhd, diskURI: "https://example.blob.core.windows.net/vhds/test.vhd" }
- name: nfs
  nfs: { server: my-nfs-server.example.com, path: /my-nfs-volume, readOnly: true }
- name: iscsi
  iscsi:
    targetPortal: 10.0.2.15:3260
    portals: ["10.0.2.16:3260", "10.0.2.17:3260"]
    iqn: iqn.2001-04.com.example:storage.kube.sys1.xyz
    lun: 0
    fsType: ext4
    readOnly: true
    chapAuthDiscovery: true
    chapAuthSession: true
    initiatorName: iqn.1994-05.com.redhat:node1
    secretRef: { name: chap-secret }
- name: eui
  iscsi: { targetPortal: 127.0.0.1, iqn: eui.0123456789ABCDEF }
- name: naa
  iscsi: { targetPortal: 127.0.0.1, iqn: naa.60004567BA64678123456789ABCDEF01, lun: 255 }
- name: fc
  fc: { targetWWNs: ["500a0982991b8dc5"], lun: 2, fsType: ext4, readOnly: true }
- name: fc-by-id
  fc: { wwids: ["3600508b400105e210000900000490000"] }
- name: gce
  gcePersistentDisk: { pdName: my-data-disk, fsType: ext4, partition: 1 }
- name: aws
  awsElasticBlockStore: { volumeID: vol-1, fsType: ext4, partition: 0 }
- name: gluster
  glusterfs: { endpoints: glusterfs-cluster, path: kube_vol, readOnly: true }
- name: flocker
  flocker: { datasetName: my-flocker-vol }
- name: rbd
  rbd:
    monitors: ["10.16.154.78:6789"]
    pool: kube
    image: foo
    fsType: ext4
    readOnly: true
    user: admin
    keyring: /etc/ceph/keyring
- name: cephfs
  cephfs: { monitors: ["10.16.154.78:6789"], user: admin, secretRef: { name: ceph-secret } }
- name: cinder
  cinder: { volumeID: bd82f7e2, fsType: ext4, secretRef: { name: cinder } }
- name: quobyte
  quobyte: { registry: "registry:6789,[::1]:6789", volume: testVolume, readOnly: false, user: root }
- name: flex
  flexVolume: { driver: kubernetes.io/lvm, fsType: ext4, options: { volumeID: vol1, size: 1000m } }
- name: vsphere
  vsphereVolume: { volumePath: "[DatastoreName] volumes/myDisk", fsType: ext4 }
- name: photon
  photonPersistentDisk: { pdID: id }
- name: portworx
  portworxVolume: { volumeID: pxvol, fsType: ext4 }
- name: storageos
  storageos: { volumeName: redis-vol01, volumeNamespace: default, fsType: ext4 }
- name: scaleio
  scaleIO:
    gateway: https://localhost:443/api
    system: scaleio
    protectionDomain: sd0
    storagePool: sp1
    volumeName: vol-0
    secretRef: { name: sio-secret }
    fsType: xfs
`;

export const podVolumes = [ofFiles, ofDisks].flatMap((text) => load(text) as Json[]);
