<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** Too much at a time: later it may be taken. */
final class OverloadedException extends ApiException
{
    public const CODE = 'overloaded';
}
