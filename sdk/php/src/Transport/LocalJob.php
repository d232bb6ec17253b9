<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Document\JobManifest;
use Plasm\Exception\JobFailedException;
use Plasm\Exception\MalformedException;
use Plasm\Exception\ProcessException;
use Plasm\Io\Spool;
use Plasm\Io\TemporaryFolder;
use Plasm\JobOrder;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;
use Plasm\LogEvent;
use Plasm\Receipt;
use Plasm\Result;
use Plasm\Verdict;
use Plasm\Verify\Evidence;
use Plasm\Verify\Verification;
use Plasm\Verify\Verifier;

/** A job in a plasmd of its own. It ends when this object does. */
final class LocalJob implements RunningJob
{
    private readonly string $id;
    private ?Result $result = null;
    private bool $isCancelled = false;

    public function __construct(
        private readonly PlasmdProcess $process,
        private readonly JobOrder $order,
        private readonly string $moduleDigest,
        private readonly TemporaryFolder $folder,
        private readonly LocalTransport $transport,
    ) {
        $this->id = 'local-' . bin2hex(random_bytes(8));
    }

    /** A name within this process; plasmd's own for the job stands in the receipt. */
    public function id(): string
    {
        return $this->id;
    }

    public function await(?float $seconds = null): void
    {
        $this->process->output($seconds);
    }

    public function result(): Result
    {
        return $this->result ??= $this->read($this->process->output());
    }

    public function cancel(): void
    {
        $this->isCancelled = true;
        $this->process->terminate();
    }

    /** What was written comes at the end: plasmd hands it out together with the receipt. */
    public function logs(): \Generator
    {
        $result = $this->result();
        foreach ([LogEvent::STDOUT => $result->stdout(), LogEvent::STDERR => $result->stderr()] as $kind => $bytes) {
            if ($bytes !== '') {
                yield new LogEvent($kind, $bytes);
            }
        }
        yield new LogEvent(LogEvent::STATE, $result->status());
    }

    private function read(string $output): Result
    {
        $paths = ["{$this->folder->path}/receipt", "{$this->folder->path}/receipt.tlog-proof",
            "{$this->folder->path}/receipt.manifest.json"];
        $files = array_map(static fn (string $path): string|false => @file_get_contents($path), $paths);
        if (in_array(false, $files, true)) {
            if ($this->isCancelled) {
                throw new JobFailedException("{$this->id}: cancelled before it had begun");
            }
            throw new ProcessException("plasmd execute-job ended with {$this->process->status()} and no receipt: "
                . $this->process->message());
        }
        [$json, $proof, $manifest] = array_map('strval', $files);
        try {
            $report = Node::parse($output, 'plasmd', new JsonLimits(strlen($output)));
            $stdout = self::stream($report, 'stdout');
            $stderr = self::stream($report, 'stderr');
            $receipt = Receipt::fromJson($json, $proof);
        } catch (MalformedException $error) {
            throw new ProcessException("plasmd execute-job: {$error->getMessage()}");
        }
        $verification = $this->verify($json, $proof, $manifest, $stdout, $stderr);
        $kept = new LocalFiles($this->folder, array_values(array_unique($this->order->outputs)));

        return new Result($receipt->judged($verification), $verification, $stdout, $stderr, $kept);
    }

    private function verify(string $json, string $proof, string $manifest, Spool $stdout, Spool $stderr): Verification
    {
        $verification = Verifier::verify(new Evidence(
            $json,
            $proof,
            trust: $this->transport->trust(),
            policy: $this->transport->policy(),
            manifest: $manifest,
            nonce: $this->order->nonce,
            outputs: ['stdout' => $stdout->digest(), 'stderr' => $stderr->digest()],
        ));
        if (!$verification->isValid()) {
            return $verification;
        }
        // plasmd wrote the manifest; that it is of this order is for us to see.
        $difference = OrderedJob::difference($this->order, $this->moduleDigest, JobManifest::parse($manifest));

        return $difference === null ? $verification : new Verification(
            Verdict::WrongJob,
            "the manifest has another $difference than what was ordered",
            $verification->statement,
        );
    }

    /** Bytes that are not UTF-8 stand beside the text. */
    private static function stream(Node $report, string $name): Spool
    {
        return Spool::of($report->has("{$name}_base64")
            ? $report->get("{$name}_base64")->base64() : $report->get($name)->string());
    }
}
