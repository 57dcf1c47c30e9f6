/** The keepers of the contents in memory: one for each report, made when its content is loaded. */
import type { Followed, Follower } from '../sync/follower.ts';
import { AnchorKeeper, type Kept, type KeeperDeps } from './keeper.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface Keeping {
  /** To be called with each report's content when it is loaded. */
  follow(content: Followed): Follower;
  /** A report's keeper with what it keeps; its content is loaded if it is not. Null: no such report. */
  of(reportId: string): Promise<Keeper | null>;
  /** A report's keeper, if its content is in memory. */
  present(reportId: string): AnchorKeeper | null;
  /** Resolves when what is kept of a report is written as it is now. */
  flush(reportId: string): Promise<void>;
}

export interface Keeper extends Kept {
  keeper: AnchorKeeper;
}

export interface KeepingDeps extends Omit<KeeperDeps, 'sync'> {
  /** Where documents are; asked for late, since the sync server is given {@link Keeping.follow}. */
  sync: () => Pick<SyncServer, 'read' | 'readReview' | 'annotate'>;
}

export function createKeeping({ sync, ...deps }: KeepingDeps): Keeping {
  const keepers = new Map<string, AnchorKeeper>();

  async function of(reportId: string): Promise<Keeper | null> {
    const keeper = await sync().read(reportId, () => keepers.get(reportId) ?? null);
    return keeper === null ? null : { keeper, ...(await keeper.kept) };
  }

  return {
    follow(content) {
      const keeper = new AnchorKeeper(content, { ...deps, sync: sync() });
      keepers.set(content.reportId, keeper);
      return {
        get isClean() {
          return keeper.isClean;
        },
        flush: () => keeper.flush(),
        stop() {
          keeper.stop();
          if (keepers.get(content.reportId) === keeper) keepers.delete(content.reportId);
        },
      };
    },
    of,
    present: (reportId) => keepers.get(reportId) ?? null,
    async flush(reportId) {
      const found = await of(reportId);
      await found?.keeper.flush();
    },
  };
}
