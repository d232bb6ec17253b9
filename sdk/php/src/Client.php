<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Exception\MalformedException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\PlasmException;
use Plasm\Http\Credentials;
use Plasm\Http\RetryPolicy;
use Plasm\Log\Policy;
use Plasm\Remote\RemoteJob;
use Plasm\Transport\LocalTransport;
use Plasm\Transport\RemoteTransport;
use Plasm\Transport\RunningJob;
use Plasm\Transport\TransportInterface;
use Plasm\Trust\Trust;

/** Runs jobs here or on a node. */
final class Client
{
    private const OPTIONS = ['mode', 'plasmd_path', 'data_dir', 'url', 'trust', 'credentials', 'node', 'policy', 'retry'];

    private readonly TransportInterface $transport;
    /** @var array<string, RunningJob> by id */
    private array $jobs = [];

    /**
     * The mode is 'local' (the default: plasmd_path, data_dir, trust, policy) or 'remote' (url, trust,
     * credentials, node, policy, retry: see connect()).
     *
     * @param array{mode?: string, plasmd_path?: string, data_dir?: string|null, url?: string,
     *     trust?: Trust|null, credentials?: Credentials|null, node?: string|null, policy?: Policy|null,
     *     retry?: RetryPolicy|null} $options
     *
     * @throws PlasmException
     */
    public function __construct(array $options = [])
    {
        foreach (array_keys($options) as $name) {
            if (!in_array($name, self::OPTIONS, true)) {
                throw new MalformedException("option $name: not known, expected one of " . implode(', ', self::OPTIONS));
            }
        }
        $mode = $options['mode'] ?? 'local';
        $this->transport = match ($mode) {
            'local' => new LocalTransport(
                $options['plasmd_path'] ?? 'plasmd',
                $options['data_dir'] ?? null,
                $options['trust'] ?? null,
                $options['policy'] ?? null,
            ),
            'remote' => new RemoteTransport(
                $options['url'] ?? throw new MalformedException('option url: missing; it says where the node is'),
                $options['trust'] ?? throw new MalformedException('option trust: missing; it says who the node is'),
                $options['credentials'] ?? null,
                $options['node'] ?? null,
                $options['policy'] ?? null,
                $options['retry'] ?? new RetryPolicy(),
            ),
            default => throw new MalformedException('option mode: found ' . var_export($mode, true)
                . ", expected 'local' or 'remote'"),
        };
    }

    /**
     * A client of a node. Nothing is sent before it is needed, and nothing to a server that does
     * not hold a TLS key of the trusted node's card.
     *
     * @param string           $url    https://HOST[:PORT], or unix:/PATH
     * @param Trust            $trust  whose receipts count: Trust::pin(), Trust::fromDataFolder()
     * @param string|null      $node   its name there, where several are trusted
     * @param Policy|null      $policy demanded of every receipt
     * @param RetryPolicy|null $retry  for what may pass: null: two minutes of patience
     *
     * @throws PlasmException
     */
    public static function connect(
        string $url,
        Trust $trust,
        ?Credentials $credentials = null,
        ?string $node = null,
        ?Policy $policy = null,
        ?RetryPolicy $retry = null,
    ): self {
        return new self(['mode' => 'remote', 'url' => $url, 'trust' => $trust, 'credentials' => $credentials,
            'node' => $node, 'policy' => $policy, 'retry' => $retry]);
    }

    public function createJob(string $wasmPath): Job
    {
        return new Job($this->transport, $wasmPath);
    }

    public function getTransport(): TransportInterface
    {
        return $this->transport;
    }

    /**
     * Begins a job and gives its id.
     *
     * @param array<string, mixed> $options as JobOrder::fromOptions() takes them: cpu, memory_mb,
     *                                      max_seconds, args, stdin, …
     *
     * @throws PlasmException
     */
    public function submit(string $wasmPath, array $options = []): string
    {
        $job = $this->transport->start(JobOrder::fromOptions($wasmPath, $options));
        $this->jobs[$job->id()] = $job;

        return $job->id();
    }

    /**
     * Blocks until the job has ended.
     *
     * @throws Exception\TimeoutException
     * @throws PlasmException
     */
    public function wait(string $id, ?float $seconds = null): void
    {
        $this->job($id)->await($seconds);
    }

    /**
     * What came of a job, once it has ended. It gives output only where its receipt vouches for it.
     *
     * @throws Exception\JobFailedException
     * @throws PlasmException
     */
    public function result(string $id): Result
    {
        return $this->job($id)->result();
    }

    /**
     * The job's receipt with its proof, judged: verify() says whether it answers this request.
     *
     * @throws Exception\JobFailedException
     * @throws PlasmException
     */
    public function receipt(string $id): Receipt
    {
        $job = $this->job($id);

        return $job instanceof RemoteJob ? $job->receipt() : $job->result()->receipt();
    }

    /** @throws PlasmException */
    public function cancel(string $id): void
    {
        $this->job($id)->cancel();
    }

    /**
     * What happens while the job runs, until it has ended. Output that comes this way is not verified.
     *
     * @return \Generator<int, LogEvent>
     *
     * @throws PlasmException
     */
    public function logs(string $id): \Generator
    {
        return $this->job($id)->logs();
    }

    /**
     * What another process needs to take up a job on a node: give it to resume().
     *
     * @throws NotFoundException for a job that runs here, and ends with this process
     */
    public function ticket(string $id): JobTicket
    {
        $job = $this->job($id);

        return $job instanceof RemoteJob
            ? $job->ticket() : throw new NotFoundException("$id runs in this process: no other can take it up");
    }

    /**
     * Takes up a job that another process has begun, and gives its id.
     *
     * @throws PlasmException
     */
    public function resume(JobTicket $ticket): string
    {
        if (!$this->transport instanceof RemoteTransport) {
            throw new NotFoundException("{$ticket->id}: only jobs on a node can be taken up");
        }
        $this->jobs[$ticket->id] = $this->transport->resume($ticket);

        return $ticket->id;
    }

    private function job(string $id): RunningJob
    {
        return $this->jobs[$id] ?? throw new NotFoundException("$id: this client did not begin this job, so it does "
            . 'not know which request a receipt has to answer: keep ticket(), and give it to resume()');
    }
}
