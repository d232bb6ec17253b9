<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Encoding\Decimal;
use Plasm\Exception\ApiException;
use Plasm\Exception\CorruptException;
use Plasm\Exception\OverloadedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Request;

/** Blobs to a node and back, in pieces, going on where a cut connection left off. */
final class BlobTransfer
{
    /** @param int $piece bytes that one request carries at most */
    public function __construct(private readonly NodeSession $session, private readonly int $piece = 8 << 20)
    {
    }

    /**
     * Sends these bytes, unless the node has them. It has them durably on return.
     *
     * @param resource $from a stream at its start that can be sought
     *
     * @throws PlasmException
     */
    public function upload(string $digest, $from, int $bytes): void
    {
        $patience = $this->session->patience();
        $offset = $this->missingFrom($digest, $bytes);
        while ($offset !== null) {
            try {
                $next = $this->sendPiece($digest, $from, $offset, $bytes);
            } catch (UnavailableException|OverloadedException $error) {
                // A piece may have arrived in part: the node knows.
                $patience->pauseAfter($error, $this->session->retryAfter());
                $offset = $this->missingFrom($digest, $bytes);
                continue;
            }
            if ($next !== null && $next <= $offset) {
                $patience->pauseAfter(new UnavailableException("the upload of $digest does not get on: the node stays at "
                    . "byte $next of $bytes"));
            } else {
                $patience->progressed();
            }
            $offset = $next;
        }
    }

    /**
     * Hands a blob's bytes on in order. What was handed on counts only when this returns.
     *
     * @param \Closure(string): void $take
     * @param int                    $most bytes
     *
     * @return int bytes
     *
     * @throws CorruptException when they have another digest
     * @throws PlasmException
     */
    public function download(string $digest, \Closure $take, int $most): int
    {
        $hash = hash_init('sha256');
        $done = 0;
        $patience = $this->session->patience();
        while (true) {
            $before = $done;
            try {
                $range = $done === 0 ? [] : ['Range' => "bytes=$done-"];
                $exchange = $this->session->follow(
                    new Request('GET', "/v1/blobs/$digest", $range, most: max(1, $most - $done)),
                    [$done === 0 ? 200 : 206],
                );
                $all = $done + (Decimal::toInt($exchange->head()->header('content-length') ?? '') ?? 0);
                foreach ($exchange->body() as $piece) {
                    hash_update($hash, $piece);
                    $done += strlen($piece);
                    $take($piece);
                }
                if ($done >= $all) {
                    break;
                }
                throw new UnavailableException("the blob $digest ended after $done of $all bytes");
            } catch (ApiException $error) {
                if ($done > $before) {
                    $patience->progressed();
                }
                $patience->pauseAfter($error, $this->session->retryAfter());
            }
        }
        if (hash_final($hash) !== $digest) {
            throw new CorruptException("the blob $digest: what came has another digest");
        }

        return $done;
    }

    /** How far an upload has come; null when the blob is there. */
    private function missingFrom(string $digest, int $bytes): ?int
    {
        $answer = $this->session->ask(new Request('HEAD', "/v1/blobs/$digest"), [200, 404]);
        if ($answer->status === 200) {
            return null;
        }
        $offset = Decimal::toInt($answer->header('upload-offset') ?? '0') ?? 0;

        // One of which every byte is there and whose end was not noticed begins again.
        return $offset < $bytes ? $offset : 0;
    }

    /**
     * Where to go on; null when all is there.
     *
     * @param resource $from
     */
    private function sendPiece(string $digest, $from, int $offset, int $bytes): ?int
    {
        $size = min($this->piece, $bytes - $offset);
        fseek($from, $offset);
        $left = $size;
        $read = static function (int $most) use ($from, &$left): string {
            $piece = $left === 0 ? '' : (string) fread($from, max(1, min($most, $left)));
            $left -= strlen($piece);

            return $piece;
        };
        $headers = ['Content-Type' => 'application/octet-stream'];
        if ($size !== $bytes) {
            $headers['Content-Range'] = "bytes $offset-" . ($offset + $size - 1) . "/$bytes";
        }
        $answer = $this->session->askOnce(
            new Request('PUT', "/v1/blobs/$digest", $headers, read: $read, length: $size),
            [200, 201, 202, 409],
        );
        if ($answer->status < 202) {
            return null;
        }
        $next = Decimal::toInt($answer->header('upload-offset') ?? '');
        if ($next === null || $next > $bytes) {
            throw $answer->status === 409 ? $this->session->problem($answer)
                : new CorruptException("the upload of $digest: found no offset at which it could go on");
        }

        return $next;
    }
}
