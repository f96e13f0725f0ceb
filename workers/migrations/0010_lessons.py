import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0009_source'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrainingTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('due_on', models.DateField(verbose_name='截止日期')),
                ('assigned_at', models.DateTimeField(verbose_name='布置时间')),
                ('status', models.CharField(choices=[('open', '待完成'), ('done', '已完成'), ('withdrawn', '已撤回')], default='open', max_length=9, verbose_name='状态')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.course', verbose_name='培训课程')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='training_tasks', to='workers.worker')),
            ],
            options={
                'verbose_name': '培训任务',
                'verbose_name_plural': '培训任务',
                'ordering': ['due_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('worker', 'course'), name='one_open_task_a_course')],
            },
        ),
    ]
