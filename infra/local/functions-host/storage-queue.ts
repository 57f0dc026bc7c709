import { type QueueClient, RestError } from "@azure/storage-queue";
import type { Queue } from "./queue.ts";

/** A queue of Azure Storage, or of Azurite. */
export function storageQueue(client: QueueClient): Queue {
  return {
    name: client.name,
    createIfAbsent: async () => {
      await client.createIfNotExists();
    },
    send: async (text) => {
      await client.sendMessage(text);
    },
    receive: async (numberOfMessages, visibilityTimeout) => {
      try {
        const response = await client.receiveMessages({ numberOfMessages, visibilityTimeout });
        return response.receivedMessageItems.map(({ messageId, messageText, ...rest }) => ({
          ...rest,
          id: messageId,
          text: messageText,
        }));
      } catch (error) {
        if (error instanceof RestError && error.code === "QueueNotFound") return "absent";
        throw error;
      }
    },
    hide: async ({ id, popReceipt }, visibilitySeconds) => {
      const updated = await client.updateMessage(id, popReceipt, undefined, visibilitySeconds);
      return updated.popReceipt ?? popReceipt;
    },
    delete: async ({ id, popReceipt }) => {
      await client.deleteMessage(id, popReceipt);
    },
  };
}
