/**
 * What Entra publishes for OpenID Connect, with our addresses.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function discoveryDocument(url: string, tenant: string, isVersion2: boolean): unknown {
  const version = isVersion2 ? "/v2.0" : "";
  return {
    issuer: `${url}/${tenant}/v2.0`,
    authorization_endpoint: `${url}/${tenant}/oauth2${version}/authorize`,
    token_endpoint: `${url}/${tenant}/oauth2${version}/token`,
    jwks_uri: `${url}/${tenant}/discovery${version}/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    grant_types_supported: ["client_credentials"],
    response_types_supported: ["code"],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
    claims_supported: ["iss", "aud", "exp", "nbf", "iat", "sub", "oid", "tid", "azp", "roles"],
    tenant_region_scope: null,
    cloud_instance_name: new URL(url).host,
    msgraph_host: new URL(url).host,
  };
}

/** Answers "is this authority known?" for clients that ask before they trust it. */
export function instanceDiscovery(url: string, tenant: string): unknown {
  const { host } = new URL(url);
  return {
    tenant_discovery_endpoint: `${url}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
