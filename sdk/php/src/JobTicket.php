<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Document\JobManifest;
use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/**
 * What is needed to take up a job again in another process: its id, and the request that its
 * receipt has to answer. Keep it where nobody else can change it.
 */
final class JobTicket
{
    private const MAX_BYTES = 32 << 20;

    /** @param string $manifest its bytes, as they were submitted */
    public function __construct(public readonly string $id, public readonly string $manifest)
    {
    }

    public function toJson(): string
    {
        return json_encode(['id' => $this->id, 'manifest' => base64_encode($this->manifest)], JSON_THROW_ON_ERROR);
    }

    /** @throws MalformedException */
    public static function fromJson(string $json): self
    {
        $node = Node::parse($json, 'ticket', new JsonLimits(self::MAX_BYTES, 1, 3))->members(['id', 'manifest']);
        $manifest = $node->get('manifest')->base64();
        JobManifest::parse($manifest);

        return new self($node->get('id')->uuid('job-'), $manifest);
    }
}
