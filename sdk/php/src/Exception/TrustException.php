<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** There is nobody to trust: a node, a card or a key that is needed is not there or not allowed. */
final class TrustException extends \RuntimeException implements PlasmException
{
}
