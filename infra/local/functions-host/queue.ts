/** A message that was received and is hidden from others until `nextVisibleOn`. */
export interface QueueMessage {
  readonly id: string;
  readonly popReceipt: string;
  /** As it is stored: base64 unless the app sets another encoding. */
  readonly text: string;
  /** 1 the first time. */
  readonly dequeueCount: number;
  readonly insertedOn: Date;
  readonly expiresOn: Date;
  readonly nextVisibleOn: Date;
}

/** What the queue trigger needs of a storage queue. All errors of the service reject. */
export interface Queue {
  readonly name: string;
  createIfAbsent(): Promise<void>;
  send(text: string): Promise<void>;
  /** Answers `absent` when there is no such queue. */
  receive(
    messagesMax: number,
    visibilitySeconds: number,
  ): Promise<readonly QueueMessage[] | "absent">;
  /** Hides a message for so long from now, and answers the pop receipt that holds from now on. */
  hide(message: QueueMessage, visibilitySeconds: number): Promise<string>;
  delete(message: QueueMessage): Promise<void>;
}
