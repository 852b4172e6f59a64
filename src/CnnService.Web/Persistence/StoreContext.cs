using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CnnService.Web.Persistence;

/// <summary>The tables, the same for all providers; migrations are specific to a provider.</summary>
internal abstract class StoreContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<RunRow> Runs => Set<RunRow>();

    public DbSet<EpochRow> Epochs => Set<EpochRow>();

    public DbSet<RunEventRow> RunEvents => Set<RunEventRow>();

    public DbSet<SweepRow> Sweeps => Set<SweepRow>();

    public DbSet<SweepTrialRow> SweepTrials => Set<SweepTrialRow>();

    public DbSet<DatasetRow> Datasets => Set<DatasetRow>();

    public DbSet<ModelVersionRow> ModelVersions => Set<ModelVersionRow>();

    public DbSet<AliasRow> Aliases => Set<AliasRow>();

    public DbSet<ModelRow> Models => Set<ModelRow>();

    public DbSet<AliasMoveRow> AliasMoves => Set<AliasMoveRow>();

    public DbSet<ComparisonRow> Comparisons => Set<ComparisonRow>();

    public DbSet<QuantizationRow> Quantizations => Set<QuantizationRow>();

    public DbSet<CalibrationRow> Calibrations => Set<CalibrationRow>();

    public DbSet<ClassifyJobRow> ClassifyJobs => Set<ClassifyJobRow>();

    public DbSet<ShadowRow> Shadows => Set<ShadowRow>();

    public DbSet<ShadowCountRow> ShadowCounts => Set<ShadowCountRow>();

    public DbSet<CaptureRow> Captures => Set<CaptureRow>();

    public DbSet<CapturedRow> Captured => Set<CapturedRow>();

    public DbSet<ServedCountRow> ServedCounts => Set<ServedCountRow>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    /// <summary>Models whose versions or aliases were changed through this context.</summary>
    public HashSet<string> ChangedModels { get; } = [];

    /// <summary>Whether leases are compared with the database's clock, because several machines share it.</summary>
    public abstract bool HasOwnClock { get; }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Milliseconds since 1970: sorts and compares alike in both databases.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixTimeConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RunRow>(run =>
        {
            run.ToTable("runs").HasKey(r => r.Id);
            run.HasIndex(r => new { r.CreatedAt, r.Id });
            run.HasIndex(r => r.SweepId);
        });
        modelBuilder.Entity<SweepRow>(sweep =>
        {
            sweep.ToTable("sweeps").HasKey(s => s.Id);
            sweep.HasIndex(s => s.State);
        });
        modelBuilder.Entity<SweepTrialRow>(trial =>
        {
            trial.ToTable("sweep_trials").HasKey(t => new { t.SweepId, t.Trial });
            trial.HasIndex(t => t.RunId).IsUnique();
        });
        modelBuilder.Entity<EpochRow>().ToTable("epochs").HasKey(e => new { e.RunId, e.Epoch });
        modelBuilder.Entity<RunEventRow>().ToTable("run_events").HasKey(e => new { e.RunId, e.Sequence });
        modelBuilder.Entity<DatasetRow>().ToTable("datasets").HasKey(d => d.Name);
        modelBuilder.Entity<ModelVersionRow>(version =>
        {
            version.ToTable("model_versions").HasKey(v => new { v.Model, v.Version });
            version.HasIndex(v => v.RunId).IsUnique();
        });
        modelBuilder.Entity<AliasRow>().ToTable("aliases").HasKey(a => new { a.Model, a.Alias });
        RegistryTables.Configure(modelBuilder);
        modelBuilder.Entity<ClassifyJobRow>(job =>
        {
            job.ToTable("classify_jobs").HasKey(j => j.Id);
        });
        modelBuilder.Entity<IdempotencyRow>().ToTable("idempotency_keys").HasKey(i => i.Key);
        modelBuilder.Entity<AuditRow>(change =>
        {
            change.ToTable("audit").HasKey(a => a.Id);
            change.HasIndex(a => a.At);
        });
        modelBuilder.Entity<WorkerRow>().ToTable("workers").HasKey(w => w.Id);
        Lease<RunRow>(modelBuilder);
        Lease<DatasetRow>(modelBuilder);
        Lease<ComparisonRow>(modelBuilder);
        Lease<ClassifyJobRow>(modelBuilder);
        Lease<QuantizationRow>(modelBuilder);
        Lease<CalibrationRow>(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            NameColumns(entity);
        }
    }

    /// <summary>Name of the single property that is the row's key.</summary>
    public string KeyOf<T>() => Model.FindEntityType(typeof(T))!.FindPrimaryKey()!.Properties.Single().Name;

    /// <summary>Maps leased work to columns of the row's own table.</summary>
    private static void Lease<T>(ModelBuilder modelBuilder)
        where T : LeasedRow
    {
        modelBuilder.Entity<T>().OwnsOne(row => row.Work, work => work.HasIndex(leased => leased.State));
        modelBuilder.Entity<T>().Navigation(row => row.Work).IsRequired();
    }

    private static void NameColumns(IMutableEntityType entity)
    {
        foreach (var property in entity.GetProperties())
        {
            // The key of an owned type is that of its row.
            var named = entity.IsOwned() && property.IsPrimaryKey() ? property.FindFirstPrincipal()! : property;
            property.SetColumnName(SnakeCase(named.Name));
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private sealed class UnixTimeConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
