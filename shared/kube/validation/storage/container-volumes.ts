import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { arrayOf, at, isObject, textOf } from "../../json.ts";

/** A volume that a container has: as a directory (`volumeMounts`) or a disk (`volumeDevices`). */
export interface ContainerVolume {
  readonly item: JsonObject;
  readonly index: number;
  /** Of the volume; "" when it is left out. */
  readonly name: string;
  /** In the container; "" when it is left out. */
  readonly path: string;
}

export function mountsOf(container: Json | undefined): readonly ContainerVolume[] {
  return volumesOf(at(container, "volumeMounts"), "mountPath");
}

export function devicesOf(container: Json | undefined): readonly ContainerVolume[] {
  return volumesOf(at(container, "volumeDevices"), "devicePath");
}

function volumesOf(list: Json | undefined, pathField: string): readonly ContainerVolume[] {
  return arrayOf(list).flatMap((item, index) =>
    isObject(item)
      ? [
          {
            item,
            index,
            name: textOf(at(item, "name")) ?? "",
            path: textOf(at(item, pathField)) ?? "",
          },
        ]
      : [],
  );
}
