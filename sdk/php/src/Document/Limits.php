<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Decimal;
use Plasm\Json\Node;

/** The limits of a job: spec/job.md section 4. Decimal strings. */
final class Limits
{
    /**
     * @param string $memoryBytes of linear memory
     * @param string $fuel        instructions, as the engine counts them
     * @param string $outputBytes of stdout and stderr together
     * @param string $fileBytes   of all files in the guest
     * @param string $fileNodes   files, folders and links in the guest
     * @param string $wallTimeMs  "0": none
     */
    public function __construct(
        public readonly string $memoryBytes = '536870912',
        public readonly string $fuel = '9223372036854775807',
        public readonly string $outputBytes = '67108864',
        public readonly string $fileBytes = '1073741824',
        public readonly string $fileNodes = '1048576',
        public readonly string $wallTimeMs = '300000',
    ) {
    }

    public static function read(Node $node): self
    {
        $node->members(['memoryBytes', 'fuel', 'outputBytes', 'fileBytes', 'fileNodes', 'wallTimeMs']);

        return new self(
            $node->get('memoryBytes')->decimal(),
            $node->get('fuel')->decimal(Decimal::BELOW_2_63),
            $node->get('outputBytes')->decimal(),
            $node->get('fileBytes')->decimal(),
            $node->get('fileNodes')->decimal('1073741825'),
            $node->get('wallTimeMs')->decimal(),
        );
    }

    /** @return array<string, string> in the order of the specification */
    public function toArray(): array
    {
        return [
            'memoryBytes' => $this->memoryBytes,
            'fuel' => $this->fuel,
            'outputBytes' => $this->outputBytes,
            'fileBytes' => $this->fileBytes,
            'fileNodes' => $this->fileNodes,
            'wallTimeMs' => $this->wallTimeMs,
        ];
    }
}
