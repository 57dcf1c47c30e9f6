import { BackupError } from './errors.ts';
import type { Fault, FaultCode } from './fault.ts';

/** What the terminal says when a check, a backup or a restore cannot be done; null: it is another error. */
export function explainBackup(error: unknown): string | null {
  if (!(error instanceof BackupError)) return null;
  const { kind, path, message } = error;
  switch (kind) {
    case 'absent':
      return `没有找到 ${path}。\nNot found: ${path}.`;
    case 'damaged':
      return (
        `${path} 已损坏或不完整，不是可用的会稿数据库。文件未作任何改动。\n` +
        `${path} is damaged, cut short, or no database of Huigao's. Nothing was changed.`
      );
    case 'notBackup':
      return (
        `${path} 不是备份文件。备份由 npm run cli -- backup 生成。\n` +
        `${path} is not a backup: those are made by npm run cli -- backup.`
      );
    case 'newer':
      return (
        `${path} 由更新版本的会稿写成。请升级会稿后再试。\n` +
        `${path} was written by a newer version of Huigao: upgrade first.`
      );
    case 'older':
      return (
        `${path} 由旧版本的会稿写成。请先用现在的版本启动一次（或恢复它），再作核对。\n` +
        `${path} was written by an older version of Huigao: start this version on it (or restore it) first.`
      );
    case 'exists':
      return `${path} 已存在，未作改动。请换一个文件名。\n${path} is already there and was left alone: choose another name.`;
    case 'full':
      return (
        `写入 ${path} 时空间不足（${message}）。未留下不完整的文件。\n` +
        `There is no room to write ${path} (${message}). Nothing half-written is left.`
      );
    case 'failed':
      return (
        `无法读写 ${path}（${message}）。请检查目录是否存在、当前用户的权限。\n` +
        `${path} cannot be read or written (${message}): check that its directory is there, and the permissions.`
      );
    case 'occupied':
      return (
        `数据目录 ${path} 里已有工作区，未作改动。要用备份替换它，请加 --replace：原有数据会移到旁边保留。\n` +
        `${path} already holds a workspace, and nothing was changed. With --replace it is moved aside and kept.`
      );
    case 'interrupted':
      return `已中止，${path} 未写成。\nStopped: ${path} was not written.`;
    default:
      return kind satisfies never;
  }
}

const WORDS: Record<FaultCode, string> = {
  damaged: '文件已损坏 damaged',
  schema: '表结构不符 not as this version makes it',
  reference: '引用的记录不存在 rows name others that are not there',
  noDocument: '缺少文档 lacks a document',
  undecodable: '无法解读 cannot be decoded',
  gap: '记录有缺失 the log has a gap',
  digest: '快照内容已改变 a snapshot is not what it was',
  snapshotDiffers: '快照与记录不一致 a snapshot differs from its rows',
  pending: '缺少所依赖的内容 something it builds on is missing',
  unloadable: '无法打开 cannot be opened',
  sizes: '大小不符 sizes do not fit',
  projectionAhead: '派生数据超前 something derived is ahead of the log',
  title: '标题与正文不符 the title is not the text’s',
  figures: '数据索引与登记不符 the index of figures is not what the register says',
  owner: '编辑端的归属有误 a client’s owner cannot be right',
  author: '作者记录有误 an author’s record cannot be right',
  missing: '图片文件缺失 the picture’s bytes are missing',
  altered: '图片文件已改变 the picture’s bytes are not what they were',
  article: '文章与其版本不符 the article and its revisions do not fit together',
  rendering: '已发布的内容缺失或已改变 what was published is missing or not what it was',
};

/** One line: where, what, and which part. */
export function faultLine({ about, id, reportId, fault, detail }: Fault): string {
  const where = [about, id, reportId !== null && about !== 'report' ? `(report ${reportId})` : null];
  return `${where.filter((part) => part !== null).join(' ')}: ${WORDS[fault]} [${fault}] ${detail}`;
}
