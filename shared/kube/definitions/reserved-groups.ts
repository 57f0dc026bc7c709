/**
 * Groups whose documents are no Kubernetes objects: what Azure Resource Manager and the fleet
 * itself keep beside them. No definition may make kinds there, or its objects would be those
 * documents.
 */
export const reservedGroups: readonly string[] = ["microsoft.containerservice", "hubless"];
