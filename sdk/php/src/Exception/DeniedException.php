<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** The node does not know this client, or does not let it do this; or a server is not the one that is trusted. */
final class DeniedException extends ApiException
{
    public const CODE = 'denied';
}
