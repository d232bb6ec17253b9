<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** More than the node, or this client, takes. */
final class LimitExceededException extends ApiException
{
    public const CODE = 'limit_exceeded';
}
