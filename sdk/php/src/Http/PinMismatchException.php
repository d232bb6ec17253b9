<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\PlasmException;

/** The server has another TLS key than the expected one. Nothing was sent to it. */
final class PinMismatchException extends \RuntimeException implements PlasmException
{
}
