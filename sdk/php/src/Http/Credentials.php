<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\MalformedException;

/** How a client shows who it is (spec/clients.md). */
final class Credentials
{
    private function __construct(
        public readonly ?string $certificateFile,
        public readonly ?string $keyFile,
        public readonly ?string $token,
    ) {
    }

    /** Nobody: enough on a node's Unix socket, for its own user. */
    public static function none(): self
    {
        return new self(null, null, null);
    }

    /**
     * A self-made Ed25519 certificate, whose key stands in the node's authorized_clients.
     *
     * @throws MalformedException when a file can't be read
     */
    public static function certificate(string $certificateFile, string $keyFile): self
    {
        foreach ([$certificateFile, $keyFile] as $file) {
            if (!is_file($file) || !is_readable($file)) {
                throw new MalformedException("client certificate: no file that can be read at $file; "
                    . 'openssl req -x509 -newkey ed25519 -nodes -subj /CN=me -keyout KEY -out CERTIFICATE makes both');
            }
        }

        return new self($certificateFile, $keyFile, null);
    }

    /**
     * The secret that `plasmd token create` has printed.
     *
     * @throws MalformedException
     */
    public static function token(string $secret): self
    {
        if (preg_match('/^[A-Za-z0-9_-]{43}$/D', $secret) !== 1) {
            throw new MalformedException('token: expected the 43 characters that plasmd token create prints');
        }

        return new self(null, null, $secret);
    }

    /** @return array<string, string> secrets do not show in dumps */
    public function __debugInfo(): array
    {
        return ['kind' => $this->token !== null ? 'token' : ($this->keyFile !== null ? 'certificate' : 'none')];
    }
}
