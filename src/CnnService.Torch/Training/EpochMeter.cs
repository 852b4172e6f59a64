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
        Pictures = start.Pictures;
    }

    internal long Pictures { get; private set; }

    /// <param name="loss">Scalar, mean over the batch.</param>
    /// <param name="logits"><c>[N,1]</c> or <c>[N,K]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    internal void Add(Tensor loss, Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _loss.add_(loss.detach().to_type(ScalarType.Float64), Scalars.Of(labels.shape[0]));
        _correct.add_(Losses.Correct(logits.detach(), labels), Scalars.WholeOne);
        Pictures += labels.shape[0];
    }

    internal EpochSums Read() => new(_loss.item<double>(), _correct.item<long>(), Pictures);

    public void Dispose()
    {
        _loss.Dispose();
        _correct.Dispose();
    }
}

/// <summary>Sums over the images processed so far in an epoch.</summary>
internal readonly record struct EpochSums(double Loss, long Correct, long Pictures)
{
    internal double MeanLoss => Pictures == 0 ? double.NaN : Loss / Pictures;

    internal double Accuracy => Pictures == 0 ? double.NaN : (double)Correct / Pictures;
}
