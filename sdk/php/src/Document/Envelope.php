<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;
use Plasm\Keys\PublicKey;

/** A DSSE v1 envelope in the form of spec/receipt.md section 1. */
final class Envelope
{
    public const RECEIPT_TYPE = 'application/vnd.in-toto+json';
    public const CARD_TYPE = 'application/vnd.plasm.card.v1+json';

    /** @param string|null $signature 64 bytes; null when there is none */
    private function __construct(
        public readonly string $type,
        public readonly string $payload,
        public readonly ?string $signature,
    ) {
    }

    /**
     * With no signature or one: which of both it must be, the payload says.
     *
     * @throws MalformedException
     */
    public static function parse(string $json, string $type, int $mostBytes): self
    {
        $node = Node::parse($json, 'envelope', new JsonLimits($mostBytes, 3, 11));
        $node->members(['payloadType', 'payload', 'signatures'])->get('payloadType')->is($type);
        $signature = null;
        foreach ($node->get('signatures')->items(1) as $item) {
            $item->members(['keyid', 'sig'])->get('keyid')->fingerprint();
            $signature = $item->get('sig')->eitherBase64();
            if (strlen($signature) !== SODIUM_CRYPTO_SIGN_BYTES) {
                $item->get('sig')->refuse(strlen($signature) . ' bytes', '64');
            }
        }

        return new self($type, $node->get('payload')->eitherBase64(), $signature);
    }

    /** What is signed, and what the log has the digest of. */
    public function pae(): string
    {
        return sprintf('DSSEv1 %d %s %d ', strlen($this->type), $this->type, strlen($this->payload)) . $this->payload;
    }

    public function isSignedBy(PublicKey $key): bool
    {
        return $this->signature !== null && $key->verifies($this->pae(), $this->signature);
    }
}
