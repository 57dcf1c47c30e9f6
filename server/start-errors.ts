import { ConfigError } from './config.ts';
import { DataDirError } from './datadir.ts';
import { DatabaseOpenError } from './store/sqlite/connection.ts';

/**
 * What the terminal says when the process cannot start because of something its owner can mend: what is
 * wrong, what was left alone, and what to do. Null: it is a bug, and its stack is wanted.
 */
export function explain(error: unknown): string | null {
  if (error instanceof ConfigError) {
    return `配置有误，请改正环境变量后再启动。\nWrong configuration: ${error.message}`;
  }
  if (error instanceof DataDirError) return explainDataDir(error);
  if (error instanceof DatabaseOpenError) return explainDatabase(error);
  return isListenError(error) ? explainListen(error) : null;
}

function explainDataDir({ kind, dir, message }: DataDirError): string {
  switch (kind) {
    case 'in_use':
      return (
        `数据目录 ${dir} 正被另一个会稿进程使用。请先停止那个进程，或用 HUIGAO_DATA 指定另一个目录。\n` +
        `The data directory ${dir} is in use: stop the other process first, or set HUIGAO_DATA to another directory.`
      );
    case 'unusable':
      return (
        `数据目录 ${dir} 无法使用：${message}。请检查目录是否存在、当前用户是否可以写入。\n` +
        `The data directory ${dir} (HUIGAO_DATA) cannot be used: ${message}.`
      );
    default:
      return kind satisfies never;
  }
}

function explainDatabase(error: DatabaseOpenError): string {
  switch (error.kind) {
    case 'corrupt':
      return (
        `数据库文件已损坏：${error.message}\n` +
        '文件未作任何改动。请先把整个数据目录另存一份，再用最近的备份替换该文件，然后重新启动。\n' +
        'The database is damaged. Nothing was changed in it: keep a copy of the data directory, put back the ' +
        'newest backup, and start again.'
      );
    case 'newer':
      return (
        `数据库由更新版本的会稿写成：${error.message}\n文件未作任何改动。请升级会稿后再启动。\n` +
        'The database was written by a newer version of Huigao. Nothing was changed: upgrade and start again.'
      );
    case 'failed':
      return (
        `数据库无法打开：${error.message}\n请检查磁盘空间和文件权限。\n` +
        'The database cannot be opened: check the disk and the permissions of the file.'
      );
    default:
      return error.kind satisfies never;
  }
}

interface ListenError extends Error {
  code?: string;
  port?: number;
  address?: string;
}

function isListenError(error: unknown): error is ListenError {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}

function explainListen(error: ListenError): string {
  const where = `${error.address ?? ''}:${error.port ?? ''}`;
  if (error.code === 'EADDRINUSE') {
    return (
      `端口已被占用（${where}）。请停止占用它的程序，或用 PORT 指定另一个端口。\n` +
      `Something already listens on ${where}: stop it, or set PORT to another port.`
    );
  }
  return (
    `无法在 ${where} 上监听（${error.code ?? error.message}）。请检查 HOST 和 PORT。\n` +
    `Cannot listen on ${where} (${error.code ?? error.message}): check HOST and PORT.`
  );
}
