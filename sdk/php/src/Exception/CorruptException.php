<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** Bytes are not what they are said to be: damaged, or against the API's description. */
final class CorruptException extends ApiException
{
    public const CODE = 'corrupt';
}
