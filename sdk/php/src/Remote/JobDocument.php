<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Exception\CorruptException;
use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/**
 * A job as its node describes it (spec/openapi.yaml: Job): the node's word, and nothing that was
 * verified. Members that are not known here are passed over, since a newer node may say more.
 */
final class JobDocument
{
    public const MAX_BYTES = 16 << 20;
    private const UNENDED = ['queued', 'running'];

    private function __construct(
        public readonly string $id,
        public readonly string $state,
        public readonly string $manifestDigest,
        public readonly ?string $message,
    ) {
    }

    /** @throws CorruptException */
    public static function parse(string $json): self
    {
        try {
            $node = Node::parse($json, 'job', new JsonLimits(self::MAX_BYTES, 8, 1_000_000));

            return new self(
                $node->get('id')->uuid('job-'),
                $node->get('state')->matching('[a-z_]{1,64}', 'a state'),
                $node->get('manifest')->digest(),
                $node->has('message') ? $node->get('message')->text(0, 65_536) : null,
            );
        } catch (MalformedException $error) {
            throw new CorruptException("an answer that is not what the API says: {$error->getMessage()}");
        }
    }

    public function hasEnded(): bool
    {
        return !in_array($this->state, self::UNENDED, true);
    }
}
