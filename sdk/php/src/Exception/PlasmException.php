<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** What this package throws on purpose; everything else is a bug, in it or in its use. */
interface PlasmException extends \Throwable
{
}
