<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** What was asked is wrong, and will be wrong when it is asked again. */
final class InvalidRequestException extends ApiException
{
    public const CODE = 'invalid';
}
