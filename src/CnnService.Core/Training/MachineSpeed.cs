namespace CnnService.Core.Training;

/// <summary>
/// How fast a machine computes networks, in multiply-adds a second. Rates of images follow from a network's multiply-adds; small networks
/// are bounded by what an image costs besides.
/// </summary>
public sealed record MachineSpeed
{
    /// <summary>What an image costs besides its multiply-adds, in seconds.</summary>
    private const double Overhead = 0.0004;

    /// <summary>A training step takes as long as so many forward passes.</summary>
    private const double Backward = 3.5;

    /// <summary>Forward passes in the arithmetic of training.</summary>
    public required double Training { get; init; }

    /// <summary>Forward passes as served.</summary>
    public required double Serving { get; init; }

    /// <summary>Forward passes in float32 of the training engine.</summary>
    public required double Exact { get; init; }

    /// <summary>Images decoded to a network's size a second.</summary>
    public required double DecodedPerSecond { get; init; }

    /// <summary>Programs that wanted a core while it was measured, for each core; above 1 others slowed it down. 0: unknown.</summary>
    public double Load { get; init; }

    /// <summary>Before anything was measured: a current processor.</summary>
    /// <param name="cores">Number of cores.</param>
    public static MachineSpeed Typical(int cores) => new()
    {
        Training = 50e9 * cores,
        Serving = 40e9 * cores,
        Exact = 30e9 * cores,
        DecodedPerSecond = 250.0 * cores,
    };

    /// <summary>Images a second of a forward pass of so many multiply-adds, in the arithmetic of training.</summary>
    public double Forward(double multiplyAdds) => Rate(multiplyAdds, Training);

    /// <summary>Images a second of a training step.</summary>
    public double Trained(double multiplyAdds) => Rate(Backward * multiplyAdds, Training);

    /// <summary>Images a second as served.</summary>
    public double Served(double multiplyAdds) => Rate(multiplyAdds, Serving);

    /// <summary>Images a second whose features a classifier is fitted to: of the faster engine, where no arithmetic is asked for.</summary>
    public double Featured(double multiplyAdds, Precision precision) =>
        precision == Precision.Auto ? Math.Max(Forward(multiplyAdds), Served(multiplyAdds)) : Forward(multiplyAdds);

    /// <summary>Images a second in float32 of the training engine.</summary>
    public double Compared(double multiplyAdds) => Rate(multiplyAdds, Exact);

    private static double Rate(double multiplyAdds, double speed) => 1 / ((multiplyAdds / speed) + Overhead);
}
