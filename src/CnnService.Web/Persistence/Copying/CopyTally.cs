namespace CnnService.Web.Persistence.Copying;

/// <summary>What was copied, and what was wrong with it at the source. Thread safe.</summary>
internal sealed class CopyTally
{
    private readonly List<string> _faults = [];
    private long _files;
    private long _bytes;

    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Sentences.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public void Add(long files, long bytes)
    {
        Interlocked.Add(ref _files, files);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void AddFault(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
