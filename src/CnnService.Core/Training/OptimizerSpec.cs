namespace CnnService.Core.Training;

/// <summary>Optimizer settings, with PyTorch's formulas and constants.</summary>
public sealed record OptimizerSpec
{
    /// <summary>adam by default.</summary>
    public OptimizerKind Name { get; init; } = OptimizerKind.Adam;

    /// <summary>Above 0, up to 10; default 0.0001. A schedule scales it over the run.</summary>
    public double LearningRate { get; init; } = 0.0001;

    /// <summary>0 to 1; default 0. Added to the gradient (L2), except for AdamW, which subtracts it from the weights directly.</summary>
    public double WeightDecay { get; init; }

    /// <summary>For SGD (default 0.9) and RMSprop (default 0): 0 up to, not including, 1.</summary>
    public double? Momentum { get; init; }

    /// <summary>Nesterov momentum, for SGD; default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary><see cref="Momentum"/>, or its default.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double MomentumOrDefault => Momentum ?? (Name == OptimizerKind.Sgd ? 0.9 : 0);
}

/// <summary>The supported optimizers.</summary>
public enum OptimizerKind
{
    /// <summary>Kingma and Ba, 2015.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    Adamw,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Hinton, 2012.</summary>
    Rmsprop,
}
