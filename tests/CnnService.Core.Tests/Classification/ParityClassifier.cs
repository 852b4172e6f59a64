using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Classification;

/// <summary>Says of an image whether its number is odd, within a time limit.</summary>
internal sealed class ParityClassifier(TimeProvider clock) : IClassifier
{
    /// <summary>From the reservation on.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private int _late;

    public bool IsFull { get; set; }

    public int Reserved { get; private set; }

    public int MostReserved { get; private set; }

    /// <summary>Images that were not answered within the limit.</summary>
    public int Late => Volatile.Read(ref _late);

    public Outcome<IQueueReservation> Reserve(LoadedModel model, int images)
    {
        if (IsFull)
        {
            return new Problem(ProblemKind.Unavailable, "classify.queue-full", "There is no room.");
        }

        Reserved += images;
        MostReserved = Math.Max(MostReserved, Reserved);
        return Outcome.Success<IQueueReservation>(new Reservation(this, images, clock));
    }

    public ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel) => throw new NotSupportedException();

    public void Unload(string folder) => throw new NotSupportedException();

    private sealed class Reservation(ParityClassifier classifier, int images, TimeProvider clock) : IQueueReservation
    {
        private readonly CancellationTokenSource _over = new(Limit, clock);

        public CancellationToken Over => _over.Token;

        public Problem RecordTimeout()
        {
            Interlocked.Increment(ref classifier._late);
            return new(ProblemKind.Timeout, "classify.timeout", "It took too long.");
        }

        public ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer image, CancellationToken cancel)
        {
            var odd = image.Data[0] % 2 == 1 ? 0.75f : 0.25f;
            return ValueTask.FromResult<Outcome<ClassProbabilities>>(new ClassProbabilities([1 - odd, odd], default, default, 1));
        }

        public void Dispose()
        {
            _over.Dispose();
            classifier.Reserved -= images;
        }
    }
}
