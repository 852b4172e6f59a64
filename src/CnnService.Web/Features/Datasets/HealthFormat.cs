namespace CnnService.Web.Features.Datasets;

/// <summary>Formats of a health report.</summary>
internal enum HealthFormat
{
    Json,
    Png,
}
