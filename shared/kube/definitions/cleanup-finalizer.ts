/** Holds a definition that is being deleted until none of its objects is left. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";
