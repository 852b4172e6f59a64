using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Accumulates loss and correct predictions on the device. Only reading waits for the device. Owns its tensors.</summary>
internal sealed class EpochMeter : IDisposable
{
    private readonly Tensor _loss;
    private readonly Tensor _correct;

    internal EpochMeter(Device device, EpochSums start)
    {
        _loss = tensor(start.Loss, ScalarType.Float64, device: device).DetachFromDisposeScope();
        _correct = tensor(start.Correct, ScalarType.Int64, device: device).DetachFromDisposeScope();
        Images = start.Images;
    }

    internal long Images { get; private set; }

    /// <param name="loss">Scalar, mean over the batch.</param>
    /// <param name="logits"><c>[N,1]</c> or <c>[N,K]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    /// <param name="objective">Says which images are answered right.</param>
    internal void Add(Tensor loss, Tensor logits, Tensor labels, Objective objective)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _loss.add_(loss.detach().to_type(ScalarType.Float64), OwnedScalars.Create(labels.shape[0]));
        _correct.add_(objective.CountCorrect(logits.detach(), labels), OwnedScalars.IntegerOne);
        Images += labels.shape[0];
    }

    internal EpochSums Read() => new(_loss.item<double>(), _correct.item<long>(), Images);

    public void Dispose()
    {
        _loss.Dispose();
        _correct.Dispose();
    }
}

/// <summary>Sums over the images processed so far in an epoch.</summary>
internal readonly record struct EpochSums(double Loss, long Correct, long Images)
{
    internal double MeanLoss => Images == 0 ? double.NaN : Loss / Images;

    internal double Accuracy => Images == 0 ? double.NaN : (double)Correct / Images;
}
