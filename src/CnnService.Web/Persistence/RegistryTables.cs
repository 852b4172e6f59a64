using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Configures the tables of models, alias history, comparisons, quantizations, calibrations, shadows and captures.</summary>
internal static class RegistryTables
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ModelRow>().ToTable("models").HasKey(row => row.Name);
        modelBuilder.Entity<AliasMoveRow>().ToTable("alias_moves").HasKey(row => new { row.Model, row.Sequence });
        modelBuilder.Entity<ComparisonRow>().ToTable("comparisons").HasKey(row => row.Id);
        modelBuilder.Entity<QuantizationRow>(quantization =>
        {
            quantization.ToTable("quantizations").HasKey(row => row.Id);
            quantization.HasIndex(row => new { row.Model, row.Version });
        });
        modelBuilder.Entity<CalibrationRow>(calibration =>
        {
            calibration.ToTable("calibrations").HasKey(row => row.Id);
            calibration.HasIndex(row => new { row.Model, row.Version });
        });
        modelBuilder.Entity<ShadowRow>().ToTable("shadows").HasKey(row => row.Model);
        modelBuilder.Entity<ShadowCountRow>().ToTable("shadow_counts")
            .HasKey(row => new { row.Model, row.Served, row.Candidate, row.ServedClass, row.CandidateClass });
        modelBuilder.Entity<CaptureRow>().ToTable("captures").HasKey(row => row.Model);
        modelBuilder.Entity<CapturedRow>(captured =>
        {
            captured.ToTable("captured").HasKey(row => new { row.Model, row.Id });
            captured.HasIndex(row => new { row.Model, row.CapturedAt });
        });
        modelBuilder.Entity<ServedCountRow>().ToTable("served_counts")
            .HasKey(row => new { row.Model, row.Version, row.Hour, row.Label, row.Tenth });
    }
}
