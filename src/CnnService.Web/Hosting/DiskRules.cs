namespace CnnService.Web.Hosting;

/// <summary>How much of the disk stays free.</summary>
internal static class DiskRules
{
    /// <summary>New work is refused below this, so that what goes on can be finished and told of.</summary>
    public const long Reserve = 256L << 20;
}
