"""What workers have promised elsewhere; each time of it is an exception from their weekly hours."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0006_numbers_of_privacy'),
    ]

    operations = [
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='星期')),
                ('start_minute', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(1439)], verbose_name='开始')),
                ('end_minute', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(2880)], verbose_name='结束')),
                ('first_day', models.DateField(verbose_name='从哪天')),
                ('last_day', models.DateField(verbose_name='到哪天')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='workers.worker')),
            ],
            options={
                'verbose_name': '个人安排',
                'verbose_name_plural': '个人安排',
                'ordering': ['first_day', 'start_minute', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_minute__gt', models.F('start_minute')), ('last_day__gte', models.F('first_day'))), name='commitment_forward')],
            },
        ),
        migrations.AddField(
            model_name='availabilityexception',
            name='commitment',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='times', to='workers.commitment'),
        ),
    ]
