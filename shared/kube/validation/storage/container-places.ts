import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { arrayOf, at, isObject, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";

/** Where a container has a volume: a directory (`volumeMounts`) or a disk (`volumeDevices`). */
export interface ContainerPlace {
  readonly item: JsonObject;
  readonly index: number;
  /** Of the volume; "" when it is left out. */
  readonly name: string;
  /** In the container; "" when it is left out. */
  readonly path: string;
}

export function mountsOf(container: Json | undefined): readonly ContainerPlace[] {
  return placesOf(at(container, "volumeMounts"), "mountPath");
}

export function devicesOf(container: Json | undefined): readonly ContainerPlace[] {
  return placesOf(at(container, "volumeDevices"), "devicePath");
}

function placesOf(list: Json | undefined, pathField: string): readonly ContainerPlace[] {
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

/** The errors of those claims that hold. */
export function errorsWhere(
  ...claims: readonly (readonly [isWrong: boolean, error: FieldError])[]
): readonly FieldError[] {
  return claims.filter(([isWrong]) => isWrong).map(([, error]) => error);
}
