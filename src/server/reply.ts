import type { ServerResponse } from 'node:http';
import { printableJson } from '../text/printable.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

export function replyJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

export function replyError(response: ServerResponse, status: number, error: string): void {
  replyJson(response, status, errorBody(error));
}

export function errorBody(error: string): string {
  return printableJson(JSON.stringify({ error }));
}
