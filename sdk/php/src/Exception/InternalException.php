<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** A fault of the node's own. */
final class InternalException extends ApiException
{
    public const CODE = 'internal';
}
