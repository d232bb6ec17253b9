<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;
use Plasm\Keys\PublicKey;

/** A receipt v0.1, the form of the project's first system. It binds neither input nor output. */
final class LegacyReceipt
{
    private const MAX_BYTES = 65_536;

    /**
     * @param string $wallTimeMs, $timestamp decimal: up to 2^64 − 1
     * @param string $signature   64 bytes
     */
    private function __construct(
        public readonly string $version,
        public readonly string $moduleHash,
        public readonly int $exitCode,
        public readonly string $wallTimeMs,
        public readonly string $timestamp,
        public readonly PublicKey $key,
        public readonly string $signature,
    ) {
    }

    /** @throws MalformedException */
    public static function parse(string $json): self
    {
        $node = Node::parse($json, 'receipt', new JsonLimits(self::MAX_BYTES, 1, 64));
        $node->members(
            ['version', 'module_hash', 'exit_code', 'wall_time_ms', 'timestamp', 'node_pubkey', 'signature'],
        );

        return new self(
            $node->get('version')->matching('[0-9]+\.[0-9]+', 'a version as in "0.1"'),
            $node->get('module_hash')->matching('sha256:[0-9a-f]{64}', '"sha256:" and 64 lower-case hex digits'),
            $node->get('exit_code')->integer(0, 255),
            $node->get('wall_time_ms')->unsigned(),
            $node->get('timestamp')->unsigned(),
            PublicKey::fromHex($node->get('node_pubkey')->digest()),
            (string) hex2bin($node->get('signature')->matching('[0-9a-f]{128}', '128 lower-case hex digits')),
        );
    }

    /** What was signed: 32 bytes. */
    public function signedDigest(): string
    {
        return hash('sha256', "{$this->version}|{$this->moduleHash}|{$this->exitCode}|{$this->wallTimeMs}|"
            . $this->timestamp, true);
    }

    /** Whether the key that it names signed it. Whose key that is, it does not say. */
    public function isSignedByItsKey(): bool
    {
        return $this->key->verifies($this->signedDigest(), $this->signature);
    }
}
