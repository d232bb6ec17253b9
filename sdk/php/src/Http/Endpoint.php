<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** Where a node is: https://HOST[:PORT], or unix:PATH on its own machine. */
final class Endpoint
{
    private const DEFAULT_PORT = 7420;

    private function __construct(public readonly string $base, public readonly ?string $socket)
    {
    }

    /** @throws MalformedException */
    public static function parse(string $url): self
    {
        if (preg_match('/^unix:(\/[^\x00-\x1F]+)$/D', $url, $match) === 1) {
            return new self('http://localhost', $match[1]);
        }
        $host = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]';
        if (preg_match("/^https:\\/\\/($host)(?::([1-9][0-9]{0,4}))?\\/?$/D", $url, $match) !== 1
            || (int) ($match[2] ?? 1) > 65535) {
            throw new MalformedException('node: found ' . Utf8::quote($url)
                . ', expected https://HOST:PORT without a path, or unix:/PATH');
        }
        $port = (int) ($match[2] ?? self::DEFAULT_PORT);

        return new self("https://$match[1]:$port", null);
    }

    public function isTls(): bool
    {
        return $this->socket === null;
    }

    /** As it was given, for messages. */
    public function shown(): string
    {
        return $this->socket === null ? $this->base : "unix:{$this->socket}";
    }
}
