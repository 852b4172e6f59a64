using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Sums loss and hits on the device; reading them waits for the device, adding does not.</summary>
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

    /// <param name="loss">Mean over the batch.</param>
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

/// <summary>Sums over the pictures of an epoch seen so far.</summary>
internal readonly record struct EpochSums(double Loss, long Correct, long Pictures)
{
    internal double MeanLoss => Pictures == 0 ? double.NaN : Loss / Pictures;

    internal double Accuracy => Pictures == 0 ? double.NaN : (double)Correct / Pictures;
}
