<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** The node can not be reached, or can not do it now. */
final class UnavailableException extends ApiException
{
    public const CODE = 'unavailable';
}
