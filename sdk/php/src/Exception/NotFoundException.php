<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** It is not there, or not for this client. */
final class NotFoundException extends ApiException
{
    public const CODE = 'not_found';
}
