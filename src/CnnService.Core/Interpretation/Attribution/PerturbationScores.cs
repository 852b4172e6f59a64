using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Runs the served network on modified copies of an image, in batches.</summary>
internal sealed class PerturbationScores(IServedScores scores)
{
    private const int Batch = 16;

    /// <summary>Calls <paramref name="take"/> for each copy with its number and its logits.</summary>
    /// <param name="task">Gives the network and the cancellation token.</param>
    /// <param name="count">Number of copies.</param>
    /// <param name="copy">Creates the copy of a number, <c>[H,W,C]</c> bytes.</param>
    /// <param name="take">Called in the order of the copies.</param>
    public Outcome<Unit> Ask(ExplainTask task, int count, Func<int, byte[]> copy, Action<int, ReadOnlyMemory<float>> take)
    {
        var outputs = task.Plan.Model.Network.Outputs;
        return Outcome.All(Enumerable.Range(0, count).Chunk(Batch).Select(part =>
        {
            task.Cancel.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte>[] copies = [.. part.Select(number => (ReadOnlyMemory<byte>)copy(number))];
            return scores.Logits(task.Plan.Model, copies, task.Plan.OnGpu).Map(logits =>
            {
                foreach (var (i, number) in part.Index())
                {
                    take(number, logits.AsMemory(i * outputs, outputs));
                }

                return default(Unit);
            });
        })).Map(_ => default(Unit));
    }
}
