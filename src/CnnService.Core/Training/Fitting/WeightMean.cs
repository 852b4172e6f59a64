using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// The mean of a network's weights over several epochs (Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
/// Generalization", 2018). Statistics of normalizations are averaged like weights: between epochs at a small rate they hardly differ.
/// </summary>
internal sealed class WeightMean
{
    private readonly NamedWeights _mean = new();

    /// <summary>Number of weights that the mean is of.</summary>
    public int Count { get; private set; }

    /// <summary>The mean; valid until the next call of <see cref="Add"/>.</summary>
    public NamedWeights Value => Count > 0 ? _mean : throw new InvalidOperationException("There is no mean of no weights.");

    /// <param name="weights">Of the same network as those before; owned by the mean from now on.</param>
    public void Add(NamedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Count++;
        foreach (var (name, tensor) in weights.All)
        {
            if (!_mean.TryGet(name, out var mean))
            {
                _mean.Add(name, tensor);
                continue;
            }

            for (var i = 0; i < mean.Data.Length; i++)
            {
                mean.Data[i] += (tensor.Data[i] - mean.Data[i]) / Count;
            }
        }
    }
}
