/** What waits to be taken by one reader; it never holds more than it was told to. */
export interface Inbox<Item> {
  /** False when the inbox is full or closed: the item is not in it. */
  readonly put: (item: Item, size: number) => boolean;
  /** The next item; undefined once the milliseconds have passed or the inbox was closed. */
  readonly take: (milliseconds: number) => Promise<Item | undefined>;
  /** What is in it can still be taken. */
  readonly close: () => void;
  readonly isClosed: () => boolean;
}

export function inboxOf<Item>(sizeMax: number): Inbox<Item> {
  const items: { readonly item: Item; readonly size: number }[] = [];
  let size = 0;
  let closed = false;
  let wake: (() => void) | undefined;

  const wait = async (milliseconds: number): Promise<void> => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
  };
  return {
    put: (item, itemSize) => {
      if (closed || size + itemSize > sizeMax) return false;
      items.push({ item, size: itemSize });
      size += itemSize;
      wake?.();
      return true;
    },
    take: async (milliseconds) => {
      if (items.length === 0 && !closed && milliseconds > 0) await wait(milliseconds);
      const taken = items.shift();
      size -= taken?.size ?? 0;
      return taken?.item;
    },
    close: () => {
      closed = true;
      wake?.();
    },
    isClosed: () => closed,
  };
}
