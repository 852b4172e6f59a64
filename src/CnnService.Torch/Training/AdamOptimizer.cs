using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Adam (Kingma and Ba, 2015) with PyTorch's constants and order of operations; weight decay is added to the gradient.</summary>
internal sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly OptimizerSpec _spec;
    private readonly List<AdamMoments> _moments;

    internal AdamOptimizer(NetworkTensors tensors, OptimizerSpec spec)
    {
        _spec = spec;
        _moments = [.. tensors.Trained.Select(name => new AdamMoments(name, tensors[name]))];
        Parameters = [.. _moments.Select(moments => moments.Parameter)];
    }

    /// <summary>Steps done.</summary>
    internal long Steps { get; private set; }

    internal IList<Tensor> Parameters { get; }

    /// <param name="gradients">One for each of <see cref="Parameters"/>.</param>
    internal void Step(IList<Tensor> gradients)
    {
        using var _ = no_grad();
        Steps++;
        var rate = _spec.LearningRate / (1 - Math.Pow(Beta1, Steps));
        var scale = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        for (var i = 0; i < _moments.Count; i++)
        {
            using var scope = NewDisposeScope();
            Update(_moments[i], gradients[i], rate, scale);
        }
    }

    internal NamedWeights Snapshot(Func<AdamMoments, Tensor> part)
    {
        var values = new NamedWeights();
        _moments.ForEach(moments => values.Add(moments.Name, TensorValues.Read(part(moments))));
        return values;
    }

    internal void Restore(long steps, NamedWeights first, NamedWeights second)
    {
        Steps = steps;
        foreach (var moments in _moments)
        {
            TensorValues.Write(moments.First, first[moments.Name]);
            TensorValues.Write(moments.Second, second[moments.Name]);
        }
    }

    public void Dispose() => _moments.ForEach(moments => moments.Dispose());

    private void Update(AdamMoments moments, Tensor gradient, double rate, double scale)
    {
        if (_spec.WeightDecay > 0)
        {
            gradient = gradient.add(moments.Parameter, _spec.WeightDecay);
        }

        moments.First.mul_(Beta1).add_(gradient, 1 - Beta1);
        moments.Second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var root = moments.Second.sqrt().div_(scale).add_(Epsilon);
        moments.Parameter.addcdiv_(moments.First, root, -rate);
    }
}

/// <summary>Running means of a parameter's gradient and of its square. Owns those two, not the parameter.</summary>
internal sealed class AdamMoments(string name, Tensor parameter) : IDisposable
{
    internal string Name { get; } = name;

    internal Tensor Parameter { get; } = parameter;

    internal Tensor First { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();

    internal Tensor Second { get; } = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
