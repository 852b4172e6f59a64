using System.Collections;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>The rejected files of a revision, read in parts.</summary>
internal sealed class StoredRejections(RevisionFile file) : IReadOnlyList<RejectedFile>
{
    private const int Block = 100;

    public int Count => file.Rejected;

    public RejectedFile this[int index] => file.ReadRejected(index, 1)[0];

    public IEnumerator<RejectedFile> GetEnumerator()
    {
        for (var at = 0; at < Count; at += Block)
        {
            foreach (var rejected in file.ReadRejected(at, Math.Min(Block, Count - at)))
            {
                yield return rejected;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
