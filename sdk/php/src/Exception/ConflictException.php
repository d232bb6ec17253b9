<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** It contradicts what is there; or blobs are missing that a job refers to. */
final class ConflictException extends ApiException
{
    public const CODE = 'conflict';

    /** @param list<string> $missing digests of blobs that the node lacks */
    public function __construct(string $message, int $status = 0, public readonly array $missing = [])
    {
        parent::__construct($message, $status);
    }
}
