<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Exception\PlasmException;

/** A note with a line in the name of a known key that this key has not made. */
final class RefusedNoteException extends \RuntimeException implements PlasmException
{
}
