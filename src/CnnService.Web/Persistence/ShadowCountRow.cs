namespace CnnService.Web.Persistence;

/// <summary>Number of images with a given pair of predictions by two versions.</summary>
internal sealed class ShadowCountRow
{
    public required string Model { get; set; }

    /// <summary>The version that answered the client.</summary>
    public int Served { get; set; }

    /// <summary>The version that was run in its shadow.</summary>
    public int Candidate { get; set; }

    public required string ServedClass { get; set; }

    public required string CandidateClass { get; set; }

    public long Count { get; set; }

    /// <summary>Sum over the images of |Δp| of the class that the served version predicted.</summary>
    public double Difference { get; set; }
}
