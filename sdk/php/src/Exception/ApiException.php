<?php

declare(strict_types=1);

namespace Plasm\Exception;

/**
 * What a node answered that was not what was asked for: a class for each `code` of
 * spec/openapi.yaml. That a node can't be reached at all is `unavailable` too.
 */
abstract class ApiException extends \RuntimeException implements PlasmException
{
    public const CODE = '';

    /** @param int $status of HTTP; 0 when there was no answer */
    public function __construct(string $message, public readonly int $status = 0)
    {
        parent::__construct($message, $status);
    }

    /** As in spec/openapi.yaml. */
    final public function apiCode(): string
    {
        return static::CODE;
    }
}
