import { expect, test } from "vitest";
import { readConfig } from "../shared/config.ts";

const settings = {
  PUBLIC_URL: "https://fleet.contoso.com",
  AZURE_TENANT_ID: "99999999-9999-9999-9999-999999999999",
  API_CLIENT_ID: "22222222-2222-2222-2222-222222222222",
  COSMOS__accountEndpoint: "https://fleet.documents.azure.com",
  QUEUES__queueServiceUri: "https://fleet.queue.core.windows.net",
  EVENT_GRID_TOPIC_ENDPOINT: "https://fleet.westeurope-1.eventgrid.azure.net/api/events",
  KEY_VAULT_KEY_URL: "https://fleet.vault.azure.net/keys/hubless",
};

test("in Azure no setting is a secret, and the public cloud is meant", () => {
  const config = readConfig(settings);
  expect(config.AZURE_AUTHORITY_HOST).toBe("https://login.microsoftonline.com");
  expect(config.ARM_ENDPOINT).toBe("https://management.azure.com");
  expect(config.COSMOS__accountKey).toBeUndefined();
});

test("all settings that are missing or wrong are named at once, without their values", () => {
  const wrong = { ...settings, PUBLIC_URL: "secret-looking", API_CLIENT_ID: undefined };
  expect(() => readConfig(wrong)).toThrow(/PUBLIC_URL: .*; API_CLIENT_ID: /);
  expect(() => readConfig(wrong)).not.toThrow(/secret-looking/);
});

test.each([
  ["neither keeper of keys", undefined, undefined],
  ["two keepers of keys", settings.KEY_VAULT_KEY_URL, "/home/me/secrets.key"],
])("an app with %s does not start", (_case, vault, file) => {
  const wrong = { ...settings, KEY_VAULT_KEY_URL: vault, SECRETS_KEY_FILE: file };
  const must = /KEY_VAULT_KEY_URL: exactly one of it and SECRETS_KEY_FILE must be set/;
  expect(() => readConfig(wrong)).toThrow(must);
});

test("a vault is only reached over TLS", () => {
  const wrong = { ...settings, KEY_VAULT_KEY_URL: "http://fleet.vault.azure.net/keys/hubless" };
  expect(() => readConfig(wrong)).toThrow(/KEY_VAULT_KEY_URL/);
});

test("on a laptop a file holds the keys", () => {
  const laptop = { ...settings, KEY_VAULT_KEY_URL: undefined, SECRETS_KEY_FILE: "secrets.key" };
  expect(readConfig(laptop).SECRETS_KEY_FILE).toBe("secrets.key");
});
