export type Json = Readonly<Record<string, unknown>>;

/** A resource as it is kept; what callers see is made of it by the kind of the resource. */
export interface Resource<Properties extends object = Json> {
  /** In the case in which it was created. */
  readonly id: string;
  readonly name: string;
  /** `Microsoft.ContainerService/managedClusters`. */
  readonly type: string;
  /** A GUID, new with each change. */
  readonly etag: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What stands beside `properties`: `identity`, `sku`, `zones`, ... */
  readonly beside?: Json;
  readonly properties: Properties;
  /** What nobody is shown. */
  readonly hidden?: Json;
}

/** The words of Azure for what has become of the last change; AKS adds its own. */
export const settledStates: readonly string[] = ["Succeeded", "Failed", "Canceled"];
