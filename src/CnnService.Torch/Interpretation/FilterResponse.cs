using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The objective that an ascent maximizes, and the activation by which its image is measured. The objective is the mean of <c>leakyRelu(z,
/// 0.1)</c> over the preactivation z: a plain ReLU has no gradient for a silent filter, and the plain mean of a layer that is linear in the
/// image is largest for one flat colour. The measure is the mean of the layer's output. A convolution and the activation layer behind it
/// count as one layer. For a layer without weights of its own, the gradient passes the ReLUs before it as if they were leaky.
/// </summary>
internal sealed class FilterResponse
{
    private const double LeakSlope = 0.1;
    private const int Border = 2;
    private const int SmallestWithBorder = 9;

    /// <summary>Path to the layer whose preactivation is maximized.</summary>
    private readonly ExecutionOrder _source;

    /// <summary>Path to the layer whose activation measures the image.</summary>
    private readonly ExecutionOrder _measured;

    private readonly ResponseForm _form;
    private readonly ReluLeak? _leak;
    private readonly bool _isClass;
    private readonly bool _isNeuron;
    private readonly int _direction;

    /// <param name="job">The filter or class to maximize, and the direction.</param>
    internal FilterResponse(PatternJob job)
    {
        (_source, _measured, _form) = (job.Maximized, job.Measured, job.Form);
        (_isNeuron, _isClass) = (job.Request.Objective == PatternObjective.Neuron, job.ClassDirection != 0);
        _direction = job.Request.Direction * (_isClass ? job.ClassDirection : 1);
        _leak = _form.LeakyRelus.Count > 0 ? new(_form.LeakyRelus, LeakSlope) : null;
    }

    /// <summary>The objective of the ascent, a scalar.</summary>
    /// <param name="network">The network to evaluate.</param>
    /// <param name="image"><c>[1,C,H,W]</c>, RGB, 0–1. The gradient flows through it.</param>
    /// <param name="filter">Channel index in the layer.</param>
    internal Tensor Score(LoadedNetwork network, Tensor image, int filter)
    {
        using var scope = NewDisposeScope();
        return Score(network.Preactivation(image, _source, filter, _leak)).MoveToOuterDisposeScope();
    }

    /// <summary>The objective, and the summed similarity of the image's Gram matrix to those of other images.</summary>
    /// <inheritdoc cref="Score(LoadedNetwork, Tensor, int)"/>
    /// <param name="others">Gram matrices of the other images, as <see cref="Texture"/> returns them.</param>
    internal (Tensor Score, Tensor Similarity) Score(LoadedNetwork network, Tensor image, int filter, IReadOnlyList<Tensor> others)
    {
        using var scope = NewDisposeScope();
        var maps = network.Preactivation(image, _source, null, _leak);
        var similarity = Gram.Similarity(Gram.Compute(maps), others);
        return (Score(maps.narrow(1, filter, 1)).MoveToOuterDisposeScope(), similarity.MoveToOuterDisposeScope());
    }

    /// <summary>The normalized Gram matrix of the layer's maps, by which images are compared; without gradient.</summary>
    /// <param name="network">The network to evaluate.</param>
    /// <param name="image"><c>[1,C,H,W]</c>, RGB, 0–1.</param>
    internal Tensor Texture(LoadedNetwork network, Tensor image)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        return Gram.Compute(network.Preactivation(image, _source, null, _leak)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean activation of each filter for each image, <c>[N,C]</c>; without gradient.</summary>
    /// <param name="network">The network to evaluate.</param>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    internal Tensor Means(LoadedNetwork network, Tensor bytes)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        var values = _direction > 0 || _isClass
            ? network.Activation(bytes, _measured)
            : Opposite(network.Activation(bytes, _source, TapPoint.Preactivation));
        var parts = _form.MeasuresPositivePart ? values.relu() : values;
        var cells = _isNeuron ? CentreCell(parts) : parts;
        var means = cells.dim() == 4 ? cells.mean([2, 3]) : cells.alias();
        return (_isClass && _direction < 0 ? means.neg() : means).MoveToOuterDisposeScope();
    }

    private Tensor Score(Tensor preactivation)
    {
        var z = _isNeuron ? CentreCell(preactivation) : WithoutBorder(preactivation);
        var directed = _direction < 0 ? z.neg() : z;
        return (_form.Leaks ? directed.leaky_relu(OwnedScalars.Create(LeakSlope)) : directed).mean();
    }

    /// <summary>The activation of a filter with the opposite weights.</summary>
    private Tensor Opposite(Tensor preactivation) =>
        _measured.End.Spec is PReluLayer
            ? preactivation.neg().relu()
            : Activations.Apply(_form.Function, preactivation.neg(), mayOverwrite: false);

    /// <summary>The centre cell, <c>[N,C,1,1]</c>; a corner cell would see mostly padding.</summary>
    private static Tensor CentreCell(Tensor map) =>
        map.dim() == 4 ? map.narrow(2, map.shape[2] / 2, 1).narrow(3, map.shape[3] / 2, 1) : map;

    /// <summary>
    /// The map without its border of two cells: these see the padding and would draw frames. Sides under 9 cells are kept whole.
    /// </summary>
    private static Tensor WithoutBorder(Tensor map)
    {
        for (var dimension = 2; dimension < map.dim(); dimension++)
        {
            var cells = map.shape[dimension];
            map = cells < SmallestWithBorder ? map : map.narrow(dimension, Border, cells - (2 * Border));
        }

        return map;
    }
}
